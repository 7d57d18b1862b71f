namespace Peregrine.Generators.Tests.Diagnostics;

/// <summary>Documentation comments are read without a documentation file, as the trivia they are.</summary>
public sealed class CommentTests
{
    [Theory]
    [InlineData("/// <summary>One line.</summary>", "One line.")]
    [InlineData("/// <summary>\n    /// Two\n    /// lines &amp; more.\n    /// </summary>", "Two lines & more.")]
    [InlineData("/// <summary>See <see cref=\"System.Uri.TryCreate(string)\"/>, <paramref name=\"value\"/>, <see langword=\"null\"/> and <c>code</c>.</summary>", "See TryCreate, value, null and code.")]
    [InlineData("/// <summary>First.<para>Second.</para></summary>", "First.\nSecond.")]
    [InlineData("/** <summary>\n     * Block.\n     */", null)]
    [InlineData("/** <summary>\n     * Block.\n     * </summary> */", "Block.")]
    [InlineData("// <summary>No documentation.</summary>", null)]
    [InlineData("/// <summary>Not closed.", null)]
    [InlineData("/// <summary>Quotes \"\"\" and \\ stay.</summary>", "Quotes \"\"\" and \\ stay.")]
    [InlineData("/// <summary> </summary>", null)]
    public void Summary_is_the_description(string comment, string? description)
    {
        var source = $"[McpTools]\npublic class Tools\n{{\n    {comment}\n    [McpTool]\n    public void Run(int value) {{ }}\n}}";
        Assert.Equal(description, Generation.Description(Assert.Single(Generation.Generate(source))));
    }

    [Fact]
    public void Schema_survives_any_description()
    {
        var source = "[McpTools] public class Tools { [McpTool] public void Run([Description(\"\\\"\\\"\\\"\\u2028\\u0085\\ud800 {x} \\\\ 🦅\\n\\u0001\")] int value) { } }";
        var generated = Assert.Single(Generation.Generate(source));
        Assert.Contains("""{"description":"\"\"\"\u2028\u0085""" + "\uFFFD" + """ {x} \\ 🦅\n\u0001","type":"integer"}""", generated, StringComparison.Ordinal);
    }
}
