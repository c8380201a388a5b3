# Issue 5: queue.hold: [sip]. What waits is not counted yet when the process has
# just begun again: the next one of a conversation waits behind it all the same.
config
	queue: {hold: [xmpp, sip], retry: [60s]}
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._sip.im.example SRV 0 0 5060 one.im.example
	one.im.example A 198.51.100.1
sip sends m1 to tel:+12025550100 key k1
sip answers m1 480
m1 ends 202 accepted
store holds 1
restart
sip sends m2 to tel:+12025550100 key k2
m2 ends 202 accepted
store holds 2
pass 65s
sip answers m1 200
sip answers m2 200
store holds 0
