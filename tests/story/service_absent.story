# S-13: stop 4 fails: the service is "." and nothing else is there; the
# address of the domain is not used (IM-10).
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
	_im._sip.im.example SRV 0 0 0 .
	im.example A 198.51.100.21
sip sends m1 to tel:+12025550100
m1 ends 404 permanent
