using System.Globalization;

namespace Peregrine.Transport.Connections;

/// <summary>Says for how long a reply was waited for. No state.</summary>
internal static class WaitedTime
{
    /// <summary>The time in words, in the unit that shows it: a call of which little time was left has waited for little, and not for 0 s.</summary>
    internal static string Describe(TimeSpan time) =>
        time >= TimeSpan.FromSeconds(1) ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s")
        : time >= TimeSpan.FromMilliseconds(1) ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms")
        : "less than 1 ms";
}
