# SEC-4: stop 2 refuses: one sender is too fast; another is not affected.
config
	limits: {per_sender: 1/s}
sip sends m1 to tel:+12025550100 from tel:+1
m1 ends 404 permanent
sip sends m2 to tel:+12025550100 from tel:+1
m2 ends 480 temporary retry-after
sip sends m3 to tel:+12025550100 from tel:+2
m3 ends 404 permanent
pass 1s
sip sends m4 to tel:+12025550100 from tel:+1
m4 ends 404 permanent
