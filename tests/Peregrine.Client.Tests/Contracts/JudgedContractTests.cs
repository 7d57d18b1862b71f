using System.Text;
using System.Text.Json;
using Peregrine.Client.Contracts;

namespace Peregrine.Client.Tests.Contracts;

/// <summary>Pairs of contracts that people have judged (judged-contracts.json: why, the tools before and after, and each change with its verdict), judged by the comparer.</summary>
public sealed class JudgedContractTests
{
    public static TheoryData<string> Reasons => [.. Pairs.Keys];

    private static Dictionary<string, JsonElement> Pairs { get; } = Read();

    [Fact]
    public void ThereAreAtLeastSixty() => Assert.True(Pairs.Count >= 60, $"{Pairs.Count} pairs");

    [Theory]
    [MemberData(nameof(Reasons))]
    public void TheJudgementIsThatOfPeople(string why)
    {
        var pair = Pairs[why];

        var comparison = ContractComparer.Compare(Contract(pair.GetProperty("before")), Contract(pair.GetProperty("after")));

        var expected = pair.GetProperty("changes").EnumerateArray().Select(static change => change.GetString()!).Order(StringComparer.Ordinal).ToList();
        var found = comparison.Changes.Select(static change => $"{change.Verdict.ToString().ToLowerInvariant()} {change.Tool} {change.Part}").Order(StringComparer.Ordinal).ToList();
        Assert.True(expected.SequenceEqual(found), $"expected {string.Join(", ", expected)}; found:\n{string.Join('\n', comparison.Changes)}");
        Assert.Equal(expected.Count == 0, comparison.Verdict == ContractVerdict.Same);
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public void AContractIsTheSameAsItself(string why)
    {
        foreach (var tools in new[] { Pairs[why].GetProperty("before"), Pairs[why].GetProperty("after") })
        {
            Assert.Empty(ContractComparer.Compare(Contract(tools), Contract(tools)).Changes);
        }
    }

    private static ServerContract Contract(JsonElement tools) => ServerContract.Parse(Encoding.UTF8.GetBytes(tools.GetRawText()));

    private static Dictionary<string, JsonElement> Read()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Contracts", "judged-contracts.json")));
        return document.RootElement.Clone().EnumerateArray().ToDictionary(static pair => pair.GetProperty("why").GetString()!, StringComparer.Ordinal);
    }
}
