# SIP-20, CONF-15: stop 7: a hop that never answers; the deadline ends it
# with 504, never 408, and the attempt is given up.
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._xmpp.im.example SRV 0 0 5269 x.im.example.
sip sends m1 to tel:+12025550100
xmpp tries m1 at alice@im.example
pass 24s
m1 waits
pass 2s
m1 ends 504 temporary
xmpp gave up
