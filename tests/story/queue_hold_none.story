# queue.hold without xmpp: a link that is down is the sender's answer, and
# nothing stays in the store; what was accepted before is kept all the same.
config
	queue: {hold: [sip], retry: [5s, 30s]}
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._xmpp.im.example SRV 0 0 5269 x.im.example
sip sends m1 to tel:+12025550100
store holds 1
xmpp answers m1 202
m1 ends 202 accepted wire
xmpp is down
sip sends m2 to tel:+12025550100
xmpp fails m2 504
m2 ends 504 temporary
xmpp loses m1
store holds 1
xmpp is up
xmpp tries m1 at alice@im.example
xmpp answers m1 202
xmpp confirms m1
store holds 0
