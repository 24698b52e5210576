"""What learners write in the toy lesson, and the hint each must get."""

WRONG = {
    "delayed": {
        "a bin is dropped": ({"np.concatenate([[np.nan], x[:-1]])": "x[:-1]"}, "as many values"),
        "forwards": ({"[[np.nan], x[:-1]]": "[x[1:], [np.nan]]"}, "moves LATER"),
        "zero is not unknown": ({"[np.nan]": "[0.0]"}, "the first bin has no past"),
        "raises": ("def delayed(x):\n    return x[99]", "your code raised IndexError"),
        "changes what it is given": (
            """
            counts[:] = 0
            def delayed(x):
                x[:] = 7
                return np.concatenate([[np.nan], x[:-1]])
            """,
            "moves LATER",
        ),
    },
    "mean_count": {
        "the sum": ({"total / len(counts)": "total"}, "not yet divided"),
        "all of them": ("per_bin = counts", "one number"),
        "hard-coded": ("per_bin = 2.0", "not the average"),
        "nothing there": ("pass", "does not exist"),
    },
}

RIGHT = {
    "delayed": {
        "a loop over a list": """
            def delayed(x):
                late = [float("nan")]
                for i in range(len(x) - 1):
                    late.append(x[i])
                return late
            """,
        "rolled": """
            def delayed(x):
                late = np.roll(np.asarray(x, float), 1)
                late[0] = np.nan
                return late
            """,
    },
    "mean_count": {"numpy": "per_bin = np.mean(counts)", "method": "per_bin = counts.mean()"},
}
