# CARR-5: the next hop of replies wants to be left alone; the senders hear so,
# and messages towards XMPP go on.
config
	replies: {next_hop: "sip:198.51.100.9"}
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._xmpp.im.example SRV 0 0 5269 x.im.example.
xmpp sends m1 to +12025550199@gw.example.net
sip tries m1 at tel:+12025550199 198.51.100.9 5060 udp
sip fails m1 500 retry-after 30
m1 ends 500 temporary retry-after
xmpp sends m2 to +12025550199@gw.example.net
m2 ends 500 temporary retry-after
sip sends m3 to tel:+12025550100
xmpp tries m3 at alice@im.example
xmpp answers m3 202
m3 ends 202 accepted wire
