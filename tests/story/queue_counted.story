# Issue 5: what waits is counted while a message is being taken: it is not taken
# off twice, and the next one of a conversation still waits behind the one that
# does.
config
	queue: {hold: [xmpp, sip], retry: [200s]}
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._sip.im.example SRV 0 0 5060 one.im.example
	one.im.example A 198.51.100.1
sip sends m1 to tel:+12025550100
sip answers m1 480
m1 ends 202 accepted
sip is down
sip sends m2 to tel:+12025550100 from tel:+12025550177
sip answers m2 480
m2 ends 202 accepted
store holds 2
pass 800ms
store takes 400ms
sip is up
pass 1s
sip answers m2 200
store takes 0s
pass 1s
store holds 1
sip sends m3 to tel:+12025550100
m3 ends 202 accepted
