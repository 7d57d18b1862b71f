using System.Text;
using Peregrine.Client.Contracts;

namespace Peregrine.Client.Tests.Contracts;

public sealed class ServerContractTests
{
    private const string Tools = """[{"name":"b","inputSchema":{"type":"object"}},{"name":"a","description":"x","inputSchema":{"type":"object"}}]""";

    [Theory]
    [InlineData(Tools)]
    [InlineData("{\"tools\":" + Tools + ",\"nextCursor\":\"x\"}")]
    [InlineData("\uFEFF{\"tools\":" + Tools + "}")]
    public void EveryFormIsRead(string text)
    {
        var contract = Parse(text);

        Assert.Equal(["a", "b"], contract.Tools.Select(static tool => tool.Name));
        Assert.Empty(ContractComparer.Compare(contract, Parse(contract.ToText())).Changes);
    }

    [Fact]
    public void TheCommittedFormIsTheSameForTheSameContract()
    {
        var other = Parse("""{"tools":[{"inputSchema":{"type":"object"},"description":"x","name":"a"},{"inputSchema":{"type":"object"},"name":"b"}]}""");

        Assert.Equal(Parse(Tools).ToText(), other.ToText());
        Assert.EndsWith("}\n", other.ToText(), StringComparison.Ordinal);
        Assert.DoesNotContain('\r', other.ToText());
    }

    [Theory]
    [InlineData("", "no JSON")]
    [InlineData("{]", "no JSON")]
    [InlineData("5", "no contract")]
    [InlineData("{}", "no contract")]
    [InlineData("[5]", "no name")]
    [InlineData("""[{"name":5}]""", "no name")]
    [InlineData("""[{"name":"a"},{"name":"a"}]""", "\"a\" twice")]
    public void WhatIsNoneSaysWhy(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""[{"name":"a"}]""", """[{"name":"a","inputSchema":5}]""")]
    [InlineData("""[{"name":"a","annotations":[],"execution":7,"inputSchema":{}}]""", """[{"name":"a","annotations":{"readOnlyHint":"yes"},"execution":{"taskSupport":5},"inputSchema":{"$ref":5}}]""")]
    public void MalformedToolsAreJudgedAllTheSame(string before, string after) =>
        Assert.NotEmpty(ContractComparer.Compare(Parse(before), Parse(after)).Changes);

    [Fact]
    public void ABreakingInputComesWithAnExample()
    {
        var change = Assert.Single(ContractComparer.Compare(
            Parse("""[{"name":"a","inputSchema":{"type":"object","properties":{"days":{"type":"integer","maximum":14}}}}]"""),
            Parse("""[{"name":"a","inputSchema":{"type":"object","properties":{"days":{"type":"integer","maximum":7}}}}]""")).Changes);

        Assert.Equal(ContractVerdict.Breaking, change.Verdict);
        Assert.Matches("""^the arguments: \{"days":\d+\} is refused now$""", change.Message);
        Assert.Equal(["/properties/days/maximum: 14 → 7"], change.Details);
    }

    private static ServerContract Parse(string text) => ServerContract.Parse(Encoding.UTF8.GetBytes(text));
}
