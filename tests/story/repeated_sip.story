# XMPP-25 is of XMPP alone: SIP knows copies by their transactions (SIP-17).
config
	routing: {prefer: [xmpp]}
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._xmpp.im.example SRV 0 0 5269 x.im.example
sip sends m1 to tel:+12025550100 key k1
xmpp answers m1 202
m1 ends 202 accepted wire
sip sends m2 to tel:+12025550100 key k1
xmpp answers m2 202
m2 ends 202 accepted wire
