# S-02, ENUM-15: one NAPTR, one SRV, one address, and no question more.
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._sip.im.example SRV 0 0 5070 simple.im.example.
	simple.im.example A 198.51.100.21
sip sends m1 to tel:+12025550100
asked 0.0.1.0.5.5.5.2.0.2.1.e164.arpa/NAPTR _im._sip.im.example/SRV simple.im.example/A
sip tries m1 at sip:alice@simple.im.example:5070 198.51.100.21 5070 udp
sip answers m1 200
m1 ends 200 delivered wire
asked nothing
