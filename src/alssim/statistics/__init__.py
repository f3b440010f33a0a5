"""Statistics as pure functions of arrays; nothing here knows a disease.

survival      Kaplan-Meier curves, their quantiles, means and numbers at risk
logrank       log-rank, weighted log-rank and MaxCombo tests
two_arms      the hazard ratio of two arms;  cox: any covariates;  proportional: does it change?
means, medians, milestones    how much they differ: between groups, or for the same people
competing     cumulative incidence when one event can come before another
stages        who is in which stage, and how long
concordance   how well a score puts patients in order

Times may be tied, censored on the right and truncated on the left (``followup``). Groups that
share no patient are compared with a p-value; two courses of the same people never are.
"""
