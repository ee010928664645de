from monitor.clock import Clock, SystemClock


def test_the_machines_clock_tells_milliseconds_and_never_falls() -> None:
    clock: Clock = SystemClock()
    year_2020, year_2200 = 1_577_836_800_000, 7_258_118_400_000
    assert year_2020 < clock.now_ms() < year_2200
    first = clock.monotonic()
    assert clock.monotonic() >= first
