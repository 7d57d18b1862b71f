using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Peregrine.Server.Registry;
using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Registry;

/// <summary>The table of names, against a dictionary.</summary>
public sealed class NameTableTests
{
    private const string Alphabet = "abcXYZ019_-.";

    [Fact]
    public void FindsWhatADictionaryFinds()
    {
        // Names of few letters, so that many share head, tail and length.
        var letters = Gen.Elements(Alphabet.ToCharArray());
        var names = Gen.Choose(1, 24).SelectMany(length => letters.ArrayOf(length)).Select(static chosen => new string(chosen));
        var offers = Gen.Choose(0, 300).SelectMany(count => names.ArrayOf(count));
        Prop.ForAll(offers.ToArbitrary(), names.ArrayOf(50).ToArbitrary(), ArbMap.Default.GeneratorFor<ulong>().ToArbitrary(), (string[] offered, string[] asked, ulong key) =>
        {
            var tools = offered.Distinct(StringComparer.Ordinal).ToDictionary(static name => name, Tool, StringComparer.Ordinal);
            var table = new NameTable<McpToolHandler>([.. tools.Values], static tool => tool.Definition.Name, key);
            return offered.Concat(asked).All(name => table.Find(Encoding.UTF8.GetBytes(name)) == tools.GetValueOrDefault(name));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10_000)]
    public void FindsEachOfMany(int count)
    {
        McpToolHandler[] tools = [.. Enumerable.Range(0, count).Select(static i => Tool($"tool_{i:D4}"))];
        var table = new NameTable<McpToolHandler>(tools, static tool => tool.Definition.Name);

        Assert.All(tools, tool => Assert.Same(tool, table.Find(Encoding.UTF8.GetBytes(tool.Definition.Name))));
        Assert.Null(table.Find("tool_99999"u8));
        Assert.Null(table.Find(""u8));
        Assert.Null(table.Find("t"u8));
        Assert.Null(table.Find(new byte[100_000]));
    }

    private static DelegateTool Tool(string name) => new DelegateTool(name, static _ => { });
}
