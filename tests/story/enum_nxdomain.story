# S-08: stop 3 fails: NXDOMAIN without a fallback is 404.
sip sends m1 to tel:+12025550101
m1 ends 404 permanent
