using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Conformance.Tests.Suite;

/// <summary>
/// A list of what fails and is known to: lines of <c>REVISION SCENARIO | reason</c>, or <c>REVISION SCENARIO:CHECK | reason</c> for a single check of a scenario. A line that
/// is not needed any more is a failure too.
/// </summary>
internal sealed class ExpectedFailures
{
    private readonly Dictionary<(string Revision, string Scenario), List<string>> _entries = [];
    private readonly string _file;

    private ExpectedFailures(string file) => _file = file;

    internal IEnumerable<(string Revision, string Scenario)> Scenarios => _entries.Keys;

    /// <summary>Reads a file of the folder Data.</summary>
    internal static ExpectedFailures ReadFile(string name) =>
        Read(name, File.ReadLines(Path.Combine(Programs.SourcesOf("Peregrine.Conformance.Tests"), "Data", name)));

    internal static ExpectedFailures Read(string name, IEnumerable<string> lines)
    {
        var list = new ExpectedFailures(name);
        foreach (var line in lines.Where(static line => line.Length > 0 && line[0] != '#'))
        {
            string[] parts = line.Split('|', 2, StringSplitOptions.TrimEntries);
            string[] words = parts[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.True(parts.Length == 2 && parts[1].Length > 0 && words.Length == 2, $"{name}: \"{line}\" is not REVISION SCENARIO | reason.");
            var colon = words[1].IndexOf(':', StringComparison.Ordinal);
            var key = (words[0], colon < 0 ? words[1] : words[1][..colon]);
            if (!list._entries.TryGetValue(key, out var checks))
            {
                list._entries.Add(key, checks = []);
            }

            checks.Add(colon < 0 ? "*" : words[1][(colon + 1)..]);
        }

        return list;
    }

    /// <summary>Everything that is not as listed, in words; empty where all is.</summary>
    internal IEnumerable<string> Judge(string revision, string scenario, ScenarioOutcome outcome)
    {
        var listed = _entries.GetValueOrDefault((revision, scenario), []);
        foreach (var fault in outcome.Faults.Where(fault => !listed.Contains("*") && !listed.Contains(fault.Id)))
        {
            yield return fault.ToString();
        }

        foreach (var check in listed.Where(check => !outcome.Faults.Any(fault => check == "*" || check == fault.Id)))
        {
            yield return $"{revision} {scenario}{(check == "*" ? "" : ":" + check)} passes: remove it from Data/{_file}.";
        }
    }
}
