# S-10-a: stop 3 fails: SERVFAIL is not "no record" (ENUM-38).
config
	routing: {fallback: "sip:198.51.100.9"}
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa SERVFAIL
sip sends m1 to tel:+12025550100
m1 ends 500 temporary retry-after
