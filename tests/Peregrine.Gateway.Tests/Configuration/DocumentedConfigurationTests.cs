using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Peregrine.Gateway.Configuration;

namespace Peregrine.Gateway.Tests.Configuration;

/// <summary>What the documentation shows as a configuration file is one.</summary>
public sealed partial class DocumentedConfigurationTests
{
    public static TheoryData<string> Files => new("README.md", "docs/gateway.md", "docs/policies.md");

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_file_that_is_shown_is_read_without_a_word(string file)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../..", file));
        var blocks = Block().Matches(text).Select(static match => match.Groups[1].Value).ToArray();
        Assert.NotEmpty(blocks);
        Assert.All(blocks, static block =>
        {
            var read = GatewayConfigurationReader.Read(Encoding.UTF8.GetBytes(block), "shown.json", static _ => "a value of sixteen or more");
            Assert.Empty(read.Errors.Concat(read.Warnings).Select(static problem => problem.ToString()));
        });
    }

    [GeneratedRegex("^```jsonc\\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
