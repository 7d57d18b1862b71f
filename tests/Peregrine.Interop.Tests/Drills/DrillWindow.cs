namespace Peregrine.Interop.Tests.Drills;

/// <summary>What happened between two moments.</summary>
internal sealed class DrillWindow
{
    private readonly Dictionary<string, DrillCall[]> _calls;

    internal DrillWindow(IEnumerable<DrillCall> calls, TimeSpan from, TimeSpan to) =>
        _calls = calls.Where(call => call.Begun >= from && call.Begun < to).GroupBy(static call => call.Route).ToDictionary(static group => group.Key, static group => group.ToArray());

    internal IReadOnlyList<DrillCall> this[string route] => _calls.GetValueOrDefault(route, []);

    internal IEnumerable<string> Routes => _calls.Keys;

    /// <summary>The latency that one call in a hundred exceeds, in milliseconds; 0 where there are none.</summary>
    internal double P99(string route)
    {
        var sorted = this[route].Select(static call => call.Elapsed.TotalMilliseconds).Order().ToArray();
        return sorted.Length == 0 ? 0 : sorted[(int)(0.99 * (sorted.Length - 1))];
    }

    /// <summary>A line for each route, for people.</summary>
    public override string ToString() => string.Join('\n', _calls.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(pair =>
        $"    {pair.Key,-10} {pair.Value.Length,6} calls, P99 {P99(pair.Key),8:0.0} ms, {string.Join(' ', pair.Value.GroupBy(static call => call.Code).OrderBy(static group => group.Key).Select(static group => $"{NameOf(group.Key)}:{group.Count()}"))}"));

    private static string NameOf(int code) => code switch
    {
        0 => "ok",
        DrillCall.Lost => "lost",
        DrillCall.Wrong => "WRONG",
        _ => code.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
