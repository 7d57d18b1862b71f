using System.Globalization;

namespace Peregrine.Load.Results;

/// <summary>Durations for people.</summary>
public static class Durations
{
    /// <summary>A duration with a unit that suits it, to three digits or so: <c>850 ns</c>, <c>42.1 µs</c>, <c>1.25 ms</c>, <c>3.5 s</c>.</summary>
    /// <param name="nanoseconds">The duration.</param>
    public static string Write(long nanoseconds) => nanoseconds switch
    {
        < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds} ns"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e3:0.#} µs"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:0.##} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e9:0.##} s"),
    };
}
