# No 202 before the message is in the store; it leaves the store when the
# server has confirmed it.
config
	queue: {retry: [5s, 30s]}
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._xmpp.im.example SRV 0 0 5269 x.im.example
sip sends m1 to tel:+12025550100
store holds 1
xmpp tries m1 at alice@im.example
xmpp answers m1 202
m1 ends 202 accepted wire
store holds 1
xmpp confirms m1
store holds 0
