# CARR-5: a server answers 503 with Retry-After; until then it is passed over,
# and afterwards it is the first again.
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._sip.im.example SRV 10 0 5060 one.im.example.
	_im._sip.im.example SRV 20 0 5060 two.im.example.
	one.im.example A 198.51.100.1
	two.im.example A 198.51.100.2
sip sends m1 to tel:+12025550100
sip tries m1 at sip:alice@one.im.example
sip fails m1 500 retry-after 60
sip tries m1 at sip:alice@two.im.example
sip answers m1 200
m1 ends 200 delivered wire
pass 59s
sip sends m2 to tel:+12025550100
sip tries m2 at sip:alice@two.im.example
sip answers m2 200
m2 ends 200 delivered wire
pass 1s
sip sends m3 to tel:+12025550100
sip tries m3 at sip:alice@one.im.example
sip answers m3 200
m3 ends 200 delivered wire
