"""What learners type in lesson 00, with the hint that each mistake must get (see ../README.md)."""

WRONG = {
    "n_spikes": {
        "the sum of the times": ({"len(spike_times)": "spike_times.sum()"}, "seconds added up"),
        "the last time": ({"len(spike_times)": "spike_times[-1]"}, "time of the last spike"),
        "the intervals": ({"len(spike_times)": "np.diff(spike_times)"}, "one number"),
        "one too few": ({"len(spike_times)": "len(spike_times) - 1"}, "number of spikes is off"),
        "text": ({"len(spike_times)": '"7"'}, "this is text"),
    },
    "intervals": {
        "the wrong way round": ({"np.diff(times)": "times[:-1] - times[1:]"}, "wrong way round"),
        "since the first spike": ({"np.diff(times)": "times[1:] - times[0]"},
                                  "since the first spike"),
        "a leading zero": ({"np.diff(times)": "np.diff(times, prepend=times[0])"},
                           "three intervals"),
        "in milliseconds": ({"np.diff(times)": "1000 * np.diff(times)"}, "intervals are off"),
        "from the last spike on": ({"np.diff(times)": "np.abs(np.diff(times[::-1]))"}, "reversed"),
    },
    "busiest": {
        "as it was given": ({"axis=0": "axis=1"}, "busiest *bin*"),
        "how many spikes": ({"np.argmax(counts.sum(axis=0))": "counts.sum(axis=0).max()"},
                            "a number of spikes"),
        "the quietest": ({"argmax": "argmin"}, "fired least"),
        "counted from 1": ({"np.argmax(counts.sum(axis=0))": "np.argmax(counts.sum(axis=0)) + 1"},
                           "counts from 0"),
        "one per row": ({"np.argmax(counts.sum(axis=0))": "counts.argmax(axis=1)"}, "one index"),
        "nothing added": ({".sum(axis=0)": ""}, "counts the whole table"),
        "one sum for all": ({"axis=0": ""}, "into one sum"),
        "the fullest bin": ({"sum": "max"}, "fullest single bin"),
    },
    "to_pA": {
        "upside down": ({"1e12": "1e-12"}, "upside down"),
        "nA": ({"1e12": "1e9"}, "this is nA"),
        "µA": ({"1e12": "1e6"}, "µA"),
        "the size only": ({"np.asarray(ampere)": "np.abs(ampere)"}, "the sign is lost"),
        "mA": ({"1e12": "1e3"}, "this is mA"),
        "nothing done": ({" * 1e12": ""}, "still in ampere"),
    },
    "time_in": {
        "pauses counted": (
            {"np.sum((np.asarray(ends) - np.asarray(starts))[chosen])":
             "np.asarray(ends)[chosen].max() - np.asarray(starts)[chosen].min()"}, "the pauses"),
        "any tag": ({"[chosen]": ""}, "another tag"),
        "number of epochs": (
            {"np.sum((np.asarray(ends) - np.asarray(starts))[chosen])": "np.sum(chosen)"},
            "number of epochs"),
        "a mean": ({"np.sum((": "np.mean(("}, "mean length"),
        "one per epoch": ({"np.sum((np.asarray(ends) - np.asarray(starts))[chosen])":
                           "(np.asarray(ends) - np.asarray(starts))[chosen]"}, "add the epochs up"),
        "the first one only": (
            {"np.sum((np.asarray(ends) - np.asarray(starts))[chosen])":
             "(np.asarray(ends) - np.asarray(starts))[chosen][0]"}, "only one of the epochs"),
        "start minus end": ({"np.asarray(ends) - np.asarray(starts)":
                             "np.asarray(starts) - np.asarray(ends)"}, "wrong way round"),
    },
    "counts_to_hz": {
        "times instead of over": ({" / dt": " * dt"}, "wrong side"),
        "taken as milliseconds": ({" / dt": " / (1000 * dt)"}, "as milliseconds"),
        "counts untouched": ({" / dt": ""}, "still counts"),
        "pooled": ({"np.asarray(counts) / dt": "np.sum(counts) / dt"}, "for each bin"),
        "bins of 1 ms": ({" / dt": " * 1000"}, "every bin as 1 ms"),
    },
    "expected_count": {
        "over instead of times": ({"rate * dt": "rate / dt"}, "wrong side"),
        "rounded": ({"rate * dt": "round(rate * dt)"}, "whole number"),
        "taken as milliseconds": ({"rate * dt": "rate * dt * 1000"}, "as milliseconds"),
        "over milliseconds": ({"rate * dt": "rate * dt / 1000"}, "as milliseconds"),
        "the rate itself": ({"rate * dt": "rate"}, "still the rate"),
        "a draw": ({"rate * dt": "np.random.poisson(rate * dt)"}, "another number"),
    },
    "n_bins": {
        "cut down": ({"round(duration / dt)": "int(duration / dt)"}, "cut down to 28"),
        "floor": ({"duration / dt": "duration // dt"}, "cut down to 28"),
        "not whole": ({"round(duration / dt)": "duration / dt"}, "a whole number"),
        "always up": ({"round(duration / dt)": "int(np.ceil(duration / dt))"},
                      "too many or too few"),
        "upside down": ({"duration / dt": "dt / duration"}, "four bins"),
    },
}

RIGHT = {
    "n_spikes": {
        "another way to count": "n_spikes = spike_times.size",
        "counted by hand": "n_spikes = 7.0",
        "as an array scalar": "n_spikes = np.sum(spike_times > 0)",
    },
    "intervals": {
        "slices": "def intervals(times):\n    return times[1:] - times[:-1]",
        "a loop and a list": """
            def intervals(times):
                out = []
                for i in range(1, len(times)):
                    out.append(times[i] - times[i - 1])
                return out
            """,
    },
    "busiest": {
        "mean instead of sum": "def busiest(counts):\n    return counts.mean(0).argmax()",
        "a loop": """
            def busiest(counts):
                best = 0
                for n in range(counts.shape[1]):
                    if counts[:, n].sum() > counts[:, best].sum():
                        best = n
                return best
            """,
    },
    "to_pA": {
        "divided": "def to_pA(ampere):\n    return ampere / 1e-12",
        "a list": "def to_pA(ampere):\n    return [a * 10**12 for a in ampere]",
    },
    "time_in": {
        "a loop": """
            def time_in(tag, tags, starts, ends):
                total = 0
                for i in range(len(tags)):
                    if tags[i] == tag:
                        total = total + ends[i] - starts[i]
                return total
            """,
        "a product": """
            def time_in(tag, tags, starts, ends):
                return (tags == tag) @ (ends - starts)
            """,
    },
    "counts_to_hz": {
        "a list": "def counts_to_hz(counts, dt):\n    return [n / dt for n in counts]",
        "bins per second": "def counts_to_hz(counts, dt):\n    return counts * (1 / dt)",
    },
    "expected_count": {
        "over bins per second": "def expected_count(rate, dt):\n    return rate / (1 / dt)",
        "an array": "def expected_count(rate, dt):\n    return np.multiply(rate, dt)",
    },
    "n_bins": {
        "rint": "def n_bins(duration, dt):\n    return int(np.rint(duration / dt))",
        "half added": "def n_bins(duration, dt):\n    return int(duration / dt + 0.5)",
    },
}
