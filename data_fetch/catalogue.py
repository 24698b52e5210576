"""The facts of every recording: addresses, hashes, licences, citations, keys.

Sizes and licences of the OSF copies were never published; what is not known is None or said.
"""

from __future__ import annotations

from .registry import Entry, File, Key

HDF5 = b"\x89HDF\r\n\x1a\n"
GIT = "https://raw.githubusercontent.com/{}/a037c366268ceec76fd7f9493a19ea0fb1764fcd/data/"
ALLEN_LICENCE = "Allen Institute terms of use: noncommercial, with citation; not redistributed"


def _osf(name: str, code: str, sha256: str) -> File:
    urls = (f"https://osf.io/download/{code}/", f"https://osf.io/{code}/download")
    return File(name, urls, f"sha256:{sha256}", magic=HDF5)


def _allen_citation(specimen: int) -> str:
    return (
        "Allen Institute for Brain Science (2015). Allen Cell Types Database. "
        f"celltypes.brain-map.org/experiment/electrophysiology/{specimen}"
    )


CURRENT_KEYS = {
    "units": Key("TsGroup", "s", shape=(1,)),
    "epochs": Key("IntervalSet", "s", shape=(67,)),
    "stimulus": Key("Tsd", "A", "float64", 20_000.0, (11_348_420,)),
    "response": Key("Tsd", "V", "float64", 20_000.0, (11_348_420,)),
}

COURSE = (
    Entry(
        name="current_injection",
        title="a neuron of mouse V1 driven by injected current",
        lesson="04 current injection",
        reader="nwb",
        files=(
            _osf(
                "allen_478498617.nwb",
                "vf2nj",
                "262393d7485a5b39cc80fb55011dcf21f86133f13d088e35439c2559fd4b49fa",
            ),
        ),
        archive="Allen Cell Types Database, specimen 478498617; copy on OSF",
        licence=ALLEN_LICENCE,
        citation=_allen_citation(478498617),
        keys=CURRENT_KEYS,
    ),
    Entry(
        name="head_direction",
        title="head-direction cells of the mouse thalamus, asleep and awake",
        lesson="05 head direction",
        reader="nwb",
        files=(
            _osf(
                "Mouse32-140822.nwb",
                "jb2gd",
                "1a919a033305b8f58b5c3e217577256183b14ed5b436d9c70989dee6dafe0f35",
            ),
        ),
        archive="CRCNS th-1, session Mouse32-140822; copy on OSF",
        licence="none stated for the OSF copy (CRCNS th-1 forbids redistribution)",
        citation=(
            "Peyrache A, Lacroix MM, Petersen PC, Buzsaki G (2015). Internally organized "
            "mechanisms of the head direction sense. Nature Neuroscience 18, 569-575. "
            "doi:10.1038/nn.3968"
        ),
        keys={
            "units": Key("TsGroup", "s", shape=(49,)),
            "sws": Key("IntervalSet", "s"),
            "rem": Key("IntervalSet", "s"),
            "position_time_support": Key("IntervalSet", "s"),
            "epochs": Key("IntervalSet", "s", shape=(3,)),
            "ry": Key("Tsd", "rad", "float64", 39.0625, (71_478,)),
        },
    ),
    Entry(
        name="calcium_imaging",
        title="head-direction cells of the mouse postsubiculum under a miniature microscope",
        lesson="06 calcium imaging",
        reader="nwb",
        files=(
            _osf(
                "A0670-221213.nwb",
                "sbnaw",
                "8587dd6dde107504bd4a17a68ce8fb934fcbcccc337e653f31484611ee51f50a",
            ),
        ),
        archive="Peyrache Lab, session A0670-221213; copy on OSF",
        licence="none stated for the OSF copy",
        citation=(
            "Skromne Carrasco S et al. (2026). nature.com/articles/s41586-025-10096-w "
            "(data collected by Sofia Skromne Carrasco, Peyrache Lab)"
        ),
        keys={
            "position_time_support": Key("IntervalSet", "s"),
            "RoiResponseSeries": Key("TsdFrame", "a.u.", "float64", 29.786, (35_757, 65)),
            **{name: Key("Tsd", "cm", "float64", 120.005, optional=True) for name in "zyx"},
            "rz": Key("Tsd", "rad", "float64", 120.005, optional=True),
            "ry": Key("Tsd", "rad", "float64", 120.005),
            "rx": Key("Tsd", "rad", "float64", 120.005, optional=True),
        },
    ),
    Entry(
        name="task_variables",
        title="neurons of mouse retrosplenial cortex in a decision task with rule switches",
        lesson="07 task variables",
        reader="harvey",
        files=(
            File(
                "example_data_glm.pkl",
                tuple(
                    GIT.format(repo) + "example_data_glm.pkl"
                    for repo in ("HarveyLab/GLM_Tensorflow_2", "sytseng/GLM_Tensorflow_2")
                ),
                "git-blob:e4e739789377421e7748323ec333a99e8e1dd19f",
                magic=b"\x80",
            ),
        ),
        archive="github.com/HarveyLab/GLM_Tensorflow_2, data/example_data_glm.pkl",
        licence="MIT, (c) 2022 Shih-Yi Tseng",
        citation=(
            "Tseng SY, Chettih SN, Arlt C, Barroso-Luque R, Harvey CD (2022). Shared and "
            "specialized coding across posterior cortical areas for dynamic navigation decisions. "
            "Neuron 110, 2484-2502. doi:10.1016/j.neuron.2022.05.012"
        ),
        keys={
            "deconv": Key("TsdFrame", "a.u.", "float64", 6.0, (27_396, 100)),
            "trial_num": Key("Tsd", "1", "", 6.0, (27_396,)),
            "time_from_cho": Key("Tsd", "s", "float64", 6.0, (27_396,)),
            "posF": Key("Tsd", "cm", "float64", 6.0, (27_396,)),
            "task_var": Key("TsdFrame", "1", "float64", 6.0, (27_396, 8)),
            "movement_var": Key("TsdFrame", "a.u.", "float64", 6.0, (27_396, 3)),
        },
    ),
    Entry(
        name="grasshopper",
        title="an auditory receptor of a grasshopper listening to amplitude-modulated sound",
        lesson="09 capstone",
        reader="grasshopper",
        files=(),
        archive="inside the PyPI package nitime (nitime/data/grasshopper_*.txt)",
        licence="BSD-3-Clause, (c) 2006-2011 NIPY Developers",
        citation=(
            "Rokem A, Watzl S, Gollisch T, Stemmler M, Herz AVM, Samengo I (2006). Spike-timing "
            "precision underlies the coding efficiency of auditory receptor neurons. Journal of "
            "Neurophysiology 95, 2541-2552. doi:10.1152/jn.00891.2005; files: nipy.org/nitime"
        ),
        keys={
            "units": Key("TsGroup", "s", shape=(1,)),
            "epochs": Key("IntervalSet", "s", shape=(2,)),
            "stimulus": Key("Tsd", "1", "float64", 20_000.0, (400_000,)),
        },
    ),
    Entry(
        name="place_cells",
        title="rat hippocampus on a linear track, with sleep before and after",
        lesson="03 features and bases",
        reader="nwb",
        files=(
            _osf(
                "Achilles_10252013_EEG.nwb",
                "2dfvp",
                "a97a69d231e7e91c07e24890225f8fe4636bac054de50345551f32fc46b9efdd",
            ),
        ),
        archive="CRCNS hc-11 / DANDI:000044, session Achilles_10252013; copy on OSF",
        licence="none stated for the OSF copy (CRCNS hc-11 has its own terms)",
        citation=(
            "Grosmark AD, Buzsaki G (2016). Diversity in neural firing dynamics supports both "
            "rigid and learned hippocampal sequences. Science 351, 1440-1443. "
            "doi:10.1126/science.aad1935"
        ),
        keys={
            "units": Key("TsGroup", "s"),
            "rem": Key("IntervalSet", "s", shape=(4,), optional=True),
            "nrem": Key("IntervalSet", "s", shape=(11,), optional=True),
            "forward_ep": Key("IntervalSet", "s", shape=(84,)),
            "eeg": Key("TsdFrame", "a.u.", "int16", 1250.0, (16_084_344, 1), optional=True),
            "theta_phase": Key("Tsd", "rad", "float64", 1250.0, (16_084_344,), optional=True),
            "position": Key("Tsd", "cm", "float64", 39.0625, (80_762,)),
        },
    ),
)


def _dandi(session: str, asset: str, size: int, sha256: str, blob: str = "") -> Entry:
    urls = [f"https://api.dandiarchive.org/api/assets/{asset}/download/"]
    if blob:
        urls.append(f"https://dandiarchive.s3.amazonaws.com/blobs/{blob[:3]}/{blob[3:6]}/{blob}")
    file = File(f"dandi_{session}.nwb", tuple(urls), f"sha256:{sha256}", size, HDF5)
    return Entry(
        name=f"dandi:{session}",
        title=f"head-direction cells, session {session} (DANDI 000056)",
        lesson="05 head direction",
        reader="nwb",
        files=(file,),
        archive="DANDI:000056, version 0.210812.1518",
        licence="CC-BY-4.0",
        citation=(
            "Peyrache A, Lacroix MM, Petersen PC, Buzsaki G (2021). Internally organized "
            "mechanisms of the head direction sense (Version 0.210812.1518) [Data set]. "
            "DANDI archive. doi:10.48324/dandi.000056/0.210812.1518"
        ),
        keys={},
        twin=False,
    )


STAND_INS = (
    _dandi(
        "Mouse28-140313",
        "56d2e2d7-ba41-40a1-b017-b81871f3f0c3",
        5_027_117_061,
        "1863a5f55bed7c6c5a015681dfe23d36a4ead97fe7406c9a82bc6206d3469a31",
        "4b80f2ee-2e0f-44e8-8b12-2fa9f8629872",
    ),
    _dandi(
        "Mouse12-120806",
        "33f6aa51-f82f-4467-95b0-3f1403668654",
        30_600_917_014,
        "18f25225ee7f5000d534f30b77b883172dc433d5ccd70a0d4685ad1ec00daac2",
    ),
)


def allen_cell(specimen: int) -> Entry:
    """Any cell of the Allen Cell Types Database, as its original NWB v1 file.

    The address comes from the database's own query; no hash is published, so the first
    download is pinned.
    """
    name = f"allen_{specimen}_ephys.nwb"
    return Entry(
        name=f"allen:{specimen}",
        title=f"Allen Cell Types Database, specimen {specimen}",
        lesson="04 current injection",
        reader="allen",
        files=(File(name, (f"allen-api:{specimen}",), magic=HDF5),),
        archive="Allen Cell Types Database",
        licence=ALLEN_LICENCE,
        citation=_allen_citation(specimen),
        keys={name: Key(key.kind, key.unit) for name, key in CURRENT_KEYS.items()},
        twin=False,
    )
