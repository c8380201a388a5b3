# The same message by another way: one delivery, and the same answer.
config
	queue: {retry: [5s, 30s]}
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._xmpp.im.example SRV 0 0 5269 x.im.example
sip sends m1 to tel:+12025550100 key one
xmpp answers m1 202
xmpp confirms m1
sip sends m2 to tel:+12025550100 key one
m1 ends 202 accepted wire
m2 ends 202 accepted
store holds 0
