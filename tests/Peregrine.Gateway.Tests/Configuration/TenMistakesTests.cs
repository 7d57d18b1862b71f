using System.Text;
using Peregrine.Gateway.Configuration;

namespace Peregrine.Gateway.Tests.Configuration;

public sealed class TenMistakesTests
{
    private const string TenMistakes = """
        {
          // Every entry but the first has one mistake.
          "mcpServers": {
            "fine": { "command": "npx", "args": ["-y", "some-server"], },
            "misspelt": { "comand": "npx" },
            "mistyped": { "command": "npx", "args": "-y some-server" },
            "empty": {},
            "both": { "command": "npx", "url": "https://example.com/mcp" },
            "bad-url": { "url": "example.com/mcp" },
            "unset": { "command": "npx", "env": { "TOKEN": "${NOT_SET_ANYWHERE}" } },
            "fine": { "command": "node" },
            "x": { "url": "https://example.com/mcp" }
          },
          "peregrine": {
            "callTimeoutSeconds": -5,
            "servers": {
              "misspelt": { "prefix": "no spaces" },
              "x": { "prefix": "fine" }
            }
          }
        }
        """;

    [Fact]
    public void A_file_with_ten_mistakes_reports_all_ten_with_place_and_remedy()
    {
        var result = GatewayConfigurationReader.Read(Encoding.UTF8.GetBytes(TenMistakes), "gateway.json", static _ => null);

        Assert.False(result.IsValid);
        (int Line, int Column, string Message, string Remedy)[] expected =
        [
            (5, 19, "no member \"comand\"", "Did you mean \"command\"?"),
            (6, 45, "\"mcpServers.mistyped.args\" must be an array of strings; found a string", "Write an array of strings"),
            (7, 5, "neither \"command\" nor \"url\"", "Add \"command\""),
            (8, 33, "both \"command\" and \"url\"", "Keep \"command\""),
            (9, 25, "must be an absolute http or https URL; found a string that is none", "https://example.com/mcp"),
            (10, 52, "The environment variable NOT_SET_ANYWHERE is not set", "${NOT_SET_ANYWHERE:-value}"),
            (11, 5, "\"fine\" is listed twice; the first is in line 4", "Rename or remove"),
            (15, 27, "must be a number above 0 and up to 86400; found the number -5", "Write a number above 0"),
            (17, 31, "prefix\" is the string \"no spaces\"", "A-Z, a-z, 0-9"),
            (18, 24, "\"fine\" and \"x\" both have the prefix \"fine\"", "Give one of them another"),
        ];
        Assert.Equal(expected.Length, result.Errors.Length);
        foreach (var (error, wanted) in result.Errors.Zip(expected))
        {
            Assert.Equal(("gateway.json", wanted.Line, wanted.Column), (error.File, error.Line, error.Column));
            Assert.Contains(wanted.Message, error.Message, StringComparison.Ordinal);
            Assert.Contains(wanted.Remedy, error.Remedy, StringComparison.Ordinal);
        }

        Assert.StartsWith("gateway.json:5:19: ", result.Errors[0].ToString(), StringComparison.Ordinal);
    }
}
