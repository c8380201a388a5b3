# Issue 5, IM-15: a server that was silent for three messages is dead: the next
# ones go to the other server at once, one looks whether it lives again, and who
# waits for an answer has it tried when there is no other;
# then that is the end.
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._sip.im.example SRV 10 0 5060 one.im.example.
	_im._sip.im.example SRV 20 0 5060 two.im.example.
	one.im.example A 198.51.100.1
	two.im.example A 198.51.100.2
sip sends m1 to tel:+12025550100
sip fails m1 504
sip answers m1 200
m1 ends 200 delivered wire
sip sends m2 to tel:+12025550100
sip fails m2 504
sip answers m2 200
m2 ends 200 delivered wire
sip sends m3 to tel:+12025550100
sip fails m3 504
sip answers m3 200
m3 ends 200 delivered wire
sip sends silent to tel:+12025550100
sip tries silent at sip:alice@two.im.example
sip fails silent 504
sip tries silent at sip:alice@one.im.example
sip fails silent 504
silent ends 504 temporary
sip sends m4 to tel:+12025550100
sip tries m4 at sip:alice@two.im.example
sip fails m4 504
sip tries m4 at sip:alice@one.im.example
sip answers m4 200
m4 ends 200 delivered wire
