"""Makes rules.txt: seeded random recurrence rules, expanded by python-dateutil (`pip install python-dateutil`)."""
import datetime
import random

from dateutil.rrule import rrulestr
rng = random.Random(5545)
DAYS = ["MO","TU","WE","TH","FR","SA","SU"]
rows = []
while len(rows) < 400:
    freq = rng.choice(["DAILY","WEEKLY","MONTHLY","MONTHLY","YEARLY"])
    start = datetime.date(2024,1,1) + datetime.timedelta(days=rng.randrange(0, 1200))
    if rng.random() < 0.15:
        start = rng.choice([datetime.date(2024,2,29), datetime.date(2026,1,31), datetime.date(2025,12,31), datetime.date(2026,3,29)])
    parts = ["FREQ="+freq]
    if rng.random() < .5: parts.append("INTERVAL=%d" % rng.randrange(1, 6))
    end = rng.random()
    if end < .4: parts.append("COUNT=%d" % rng.randrange(1, 30))
    elif end < .7: parts.append("UNTIL=" + (start + datetime.timedelta(days=rng.randrange(0, 1500))).strftime("%Y%m%d") + "T090000")
    by = False
    if rng.random() < .3:
        parts.append("BYMONTH=" + ",".join(map(str, sorted(rng.sample(range(1,13), rng.randrange(1,4)))))); by = True
    if freq != "WEEKLY" and rng.random() < .35:
        pool = list(range(1,32)) + list(range(-31,0))
        parts.append("BYMONTHDAY=" + ",".join(map(str, sorted(rng.sample(pool, rng.randrange(1,5)))))); by = True
    if rng.random() < .5:
        ds = []
        # dateutil takes a list of plain and counted weekdays as both at once, RFC 5545 as either.
        counted = freq in ("MONTHLY", "YEARLY") and rng.random() < .6
        for d in rng.sample(DAYS, rng.randrange(1,4)):
            if counted:
                lim = 53 if freq == "YEARLY" and not any(p.startswith("BYMONTH=") for p in parts) else 5
                ds.append("%d%s" % (rng.choice([-1,1]) * rng.randrange(1, lim + 1), d))
            else: ds.append(d)
        parts.append("BYDAY=" + ",".join(ds)); by = True
    weekstart = rng.choice(DAYS) if rng.random() < .3 else None
    # dateutil takes positions in a first week from its start on, RFC 5545 from the week's first day.
    if by and freq != "WEEKLY" and rng.random() < .25:
        parts.append("BYSETPOS=" + ",".join(map(str, sorted(rng.sample([1,2,3,-1,-2], rng.randrange(1,3))))))
    if weekstart: parts.append("WKST=" + weekstart)
    rule = ";".join(parts)
    # a rule with only impossible days makes dateutil run to the year 9999
    dt = datetime.datetime(start.year, start.month, start.day, 9)
    horizon = dt + datetime.timedelta(days=366*8)
    out = []
    for o in rrulestr("RRULE:"+rule, dtstart=dt):
        if o > horizon or len(out) == 12: break
        out.append(o.strftime("%Y%m%d"))
    rows.append((start.strftime("%Y%m%d"), rule, " ".join(out)))
print("\n".join("|".join(r) for r in rows))
