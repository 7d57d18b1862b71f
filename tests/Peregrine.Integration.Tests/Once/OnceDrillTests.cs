namespace Peregrine.Integration.Tests.Once;

/// <summary>Every call runs once, whatever happens to its replies and to the server: real processes, killed at random moments.</summary>
public sealed class OnceDrillTests
{
    private const int ShortCalls = 1200;

    // Six runs of each kind of front and tool make 200,000 calls together.
    private const int FullCalls = (200_000 + 11) / 12;

    public static TheoryData<string, string, string> Kinds
    {
        get
        {
            TheoryData<string, string, string> kinds = [];
            foreach (var front in (string[])["http", "stdio"])
            {
                foreach (var ledger in (string[])["memory", "os", "disk"])
                {
                    kinds.Add(front, ledger, "append");
                    kinds.Add(front, ledger, "append_or_find");
                }
            }

            return kinds;
        }
    }

    [Theory]
    [Trait("Category", "Slow")]
    [MemberData(nameof(Kinds))]
    public Task EveryCallRunsOnce(string front, string ledger, string tool) => RunAsync(front, ledger, tool, ShortCalls, kills: 3);

    [Theory]
    [Trait("Category", "Full")]
    [MemberData(nameof(Kinds))]
    public Task EveryOneOf200000CallsRunsOnce(string front, string ledger, string tool) => RunAsync(front, ledger, tool, FullCalls, kills: 30);

    private static async Task RunAsync(string front, string ledger, string tool, int calls, int kills)
    {
        var folder = Directory.CreateTempSubdirectory("peregrine-once-").FullName;
        try
        {
            var (effects, journal) = (Path.Combine(folder, "effects"), Path.Combine(folder, "journal"));
            var drill = new OnceDrill(() => front == "http" ? HttpOnceLink.StartAsync(ledger, effects, journal) : StdioOnceLink.StartAsync(ledger, effects, journal), tool,
                keepsResults: ledger != "memory", seed: calls);

            await drill.RunAsync(calls, kills);

            TestContext.Current.TestOutputHelper!.WriteLine($"{front}, {ledger}, {tool}: {drill.Counts}");
            Judge(drill.Outcomes, File.ReadAllLines(effects), calls, reconciles: tool == "append_or_find");
            Assert.True(drill.Kills >= kills - 1, $"The server was killed {drill.Kills} times.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Judge(Dictionary<string, string?> outcomes, string[] effects, int calls, bool reconciles)
    {
        var happened = effects.ToHashSet();
        Assert.Equal(calls, outcomes.Count);
        Assert.True(effects.Length == happened.Count, $"{effects.Length - happened.Count} calls ran twice, such as {effects.GroupBy(static key => key).FirstOrDefault(static g => g.Count() > 1)?.Key}");
        var lost = outcomes.Where(outcome => outcome.Value is not null && !happened.Contains(outcome.Key)).Select(static outcome => outcome.Key).ToArray();
        Assert.True(lost.Length == 0, $"{lost.Length} calls were answered and did not happen, such as {lost.FirstOrDefault()}");
        Assert.DoesNotContain(happened, key => !outcomes.ContainsKey(key));
        if (reconciles)
        {
            Assert.DoesNotContain(outcomes, static outcome => outcome.Value is null);
        }
    }
}
