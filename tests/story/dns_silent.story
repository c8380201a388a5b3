# S-10-b: stop 3 fails: the DNS is silent. Never 404, never the fallback.
config
	routing: {fallback: "sip:198.51.100.9"}
zone
	0.0.1.0.5.5.5.2.0.2.1.e164.arpa SILENT
sip sends m1 to tel:+12025550100
pass 1s
m1 waits
pass 24s
m1 ends 500 temporary retry-after
