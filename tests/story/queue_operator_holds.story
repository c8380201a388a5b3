# An operator holds a message: its time comes and nothing happens, until he
# lets it go.
config
	queue: {hold: [xmpp, sip], retry: [30s]}
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._sip.im.example SRV 0 0 5060 one.im.example
	one.im.example A 198.51.100.1
sip sends m1 to tel:+12025550100
sip answers m1 480
m1 ends 202 accepted
pass 40s
sip tries m1 at sip:alice@one.im.example
sip answers m1 480
store holds 1
operator holds m1
pass 600s
store holds 1
operator retries m1
sip tries m1 at sip:alice@one.im.example
sip answers m1 200
store holds 0
