# Issue 5: queue.hold: [sip]. While a message waits, the next one of its
# conversation waits behind it, and the same one again is known; others go on.
config
	queue: {hold: [xmpp, sip], retry: [5s, 30s]}
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._sip.im.example SRV 0 0 5060 one.im.example
	one.im.example A 198.51.100.1
sip sends m1 to tel:+12025550100 key k1
sip answers m1 480
m1 ends 202 accepted
store holds 1
sip sends m2 to tel:+12025550100 key k2
m2 ends 202 accepted
sip sends again to tel:+12025550100 key k1
again ends 202 accepted
sip sends other to tel:+12025550100 from tel:+12025550177 key k3
sip answers other 200
other ends 200 delivered wire
store holds 2
pass 8s
sip answers m1 200
sip tries m2 at sip:alice@one.im.example
sip answers m2 200
store holds 0
sip sends m3 to tel:+12025550100 key k4
sip answers m3 404
m3 ends 404 permanent wire
store holds 0
