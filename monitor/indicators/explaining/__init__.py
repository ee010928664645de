"""Why a number is as it is: rules, evidence, names, gaps, and what is open now."""
