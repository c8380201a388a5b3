# queue.hold: [sip]: what every hop refuses for now is accepted, and tried
# again; without it the refusal is the answer (hops_all_refuse.story).
config
	queue: {hold: [xmpp, sip], retry: [5s, 30s]}
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._sip.im.example SRV 0 0 5060 one.im.example
	one.im.example A 198.51.100.1
sip sends m1 to tel:+12025550100
store holds 0
sip answers m1 480
m1 ends 202 accepted
store holds 1
pass 8s
sip tries m1 at sip:alice@one.im.example
sip answers m1 404
sip hears of a failure 404
store holds 0
