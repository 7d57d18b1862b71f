using System.Text;
using System.Text.Json;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Registry;

namespace Peregrine.Server.Tests.Registry;

/// <summary>The constant parts of results.</summary>
public sealed class ServerIdentityTests
{
    [Fact]
    public void WritesNameTitleVersionAndInstructions()
    {
        var identity = new ServerIdentity("na\"me", "1\n2", "Títle", "Read\tme");

        var initialized = Parse(identity.InitializeResult(ProtocolVersion.V2025_06_18, "{\"tools\":{}}"u8));
        var discovered = Parse(identity.DiscoverResult("{\"tools\":{}}"u8, TimeSpan.FromSeconds(1.5)));

        Assert.Equal("2025-06-18", initialized.GetProperty("protocolVersion").GetString());
        Assert.Equal("Read\tme", initialized.GetProperty("instructions").GetString());
        Assert.Equal("Read\tme", discovered.GetProperty("instructions").GetString());
        Assert.Equal(1500, discovered.GetProperty("ttlMs").GetInt64());
        foreach (var info in new[] { initialized.GetProperty("serverInfo"), discovered.GetProperty("_meta").GetProperty("io.modelcontextprotocol/serverInfo") })
        {
            Assert.Equal("na\"me", info.GetProperty("name").GetString());
            Assert.Equal("Títle", info.GetProperty("title").GetString());
            Assert.Equal("1\n2", info.GetProperty("version").GetString());
        }

        Assert.False(discovered.TryGetProperty("serverInfo", out _));
    }

    [Fact]
    public void LeavesOutWhatItDoesNotHave()
    {
        var initialized = Parse(new ServerIdentity("n", "v").InitializeResult(ProtocolVersion.V2024_11_05, "{}"u8));

        Assert.Equal("""{"protocolVersion":"2024-11-05","capabilities":{},"serverInfo":{"name":"n","version":"v"}}""", initialized.GetRawText());
    }

    [Theory]
    [InlineData(null, "1")]
    [InlineData("", "1")]
    [InlineData("n", null)]
    [InlineData("n", "")]
    public void NeedsNameAndVersion(string? name, string? version) => Assert.ThrowsAny<ArgumentException>(() => new ServerIdentity(name!, version!));

    [Fact]
    public void RefusesANegativeTimeToLive() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ServerIdentity("n", "v").CacheableSuffix(TimeSpan.FromTicks(-1)));

    private static JsonElement Parse(byte[] json)
    {
        using var document = JsonDocument.Parse(Encoding.UTF8.GetString(json));
        return document.RootElement.Clone();
    }
}
