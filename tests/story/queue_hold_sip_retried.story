# Issue 5: queue.hold: [sip]. While a message is tried again the next one of its
# conversation waits for it, and the same one again is known.
config
	queue: {hold: [xmpp, sip], retry: [5s]}
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._sip.im.example SRV 0 0 5060 one.im.example
	one.im.example A 198.51.100.1
sip sends m1 to tel:+12025550100 key k1
sip answers m1 480
m1 ends 202 accepted
pass 8s
sip tries m1 at sip:alice@one.im.example
sip sends m2 to tel:+12025550100 key k2
m2 ends 202 accepted
sip sends again to tel:+12025550100 key k1
again ends 202 accepted
sip answers m1 200
sip answers m2 200
store holds 0
