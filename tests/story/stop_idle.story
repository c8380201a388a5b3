# SIGTERM with nothing in flight.
sip sends m1 to tel:+12025550100
m1 ends 404 permanent
drain
pass 0s
drained yes
