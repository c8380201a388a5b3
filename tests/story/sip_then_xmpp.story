# CONF-15, IM-8: the SIP servers of the domain are dead; its XMPP service
# gets the message.
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._sip.im.example SRV 10 0 5060 one.im.example.
	_im._xmpp.im.example SRV 0 0 5269 x.im.example.
	one.im.example A 198.51.100.1
sip sends m1 to tel:+12025550100
sip tries m1 at sip:alice@one.im.example
sip fails m1 504
xmpp tries m1 at alice@im.example
xmpp answers m1 202
m1 ends 202 accepted wire
