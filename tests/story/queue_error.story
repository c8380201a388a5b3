# An XMPP error in time is the SIP final, and nothing stays behind.
config
	queue: {retry: [5s, 30s]}
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._xmpp.im.example SRV 0 0 5269 x.im.example
sip sends m1 to tel:+12025550100
xmpp answers m1 480
m1 ends 480 temporary wire
store holds 0
