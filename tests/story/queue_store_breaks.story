# The disk is full: no 202; it goes on by itself when there is space.
config
	queue: {retry: [5s, 30s]}
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._xmpp.im.example SRV 0 0 5269 x.im.example
store breaks
sip sends m1 to tel:+12025550100
m1 ends 500 temporary retry-after
store works
sip sends m2 to tel:+12025550100
xmpp answers m2 202
m2 ends 202 accepted wire
xmpp confirms m2
store holds 0
