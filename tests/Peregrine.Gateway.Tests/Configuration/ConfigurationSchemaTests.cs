using System.Runtime.CompilerServices;
using System.Text;
using Peregrine.Gateway.Configuration;

namespace Peregrine.Gateway.Tests.Configuration;

public sealed class ConfigurationSchemaTests
{
    [Fact]
    public async Task The_schema_in_the_documentation_is_that_of_the_code()
    {
        var path = Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../docs/reference/peregrine.config.schema.json");
        if (Environment.GetEnvironmentVariable("PEREGRINE_UPDATE_REFERENCE") == "1")
        {
            await File.WriteAllBytesAsync(path, ConfigurationSchema.Write());
        }

        var documented = await File.ReadAllTextAsync(path);
        Assert.True(Encoding.UTF8.GetString(ConfigurationSchema.Write()) == documented,
            "docs/reference/peregrine.config.schema.json is out of date: run this test with PEREGRINE_UPDATE_REFERENCE=1 and commit the file.");
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
