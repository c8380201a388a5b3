# The link is down: accepted, held, and sent in order when it is back; a second
# message of the conversation does not overtake.
config
	queue: {retry: [5s, 30s]}
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._xmpp.im.example SRV 0 0 5269 x.im.example
xmpp is down
sip sends m1 to tel:+12025550100
xmpp fails m1 504
m1 ends 202 accepted
sip sends m2 to tel:+12025550100
m2 ends 202 accepted
store holds 2
pass 60s
xmpp is up
xmpp tries m1 at alice@im.example
xmpp answers m1 202
xmpp tries m2 at alice@im.example
xmpp answers m2 202
xmpp confirms m1
xmpp confirms m2
store holds 0
