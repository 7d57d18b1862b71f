using System.Text;
using System.Text.Json;
using Peregrine.Protocol.Versions;

namespace Peregrine.Protocol.Tests.Versions;

public sealed class ProtocolVersionsTests
{
    public static readonly TheoryData<ProtocolVersion> Known = [.. Enum.GetValues<ProtocolVersion>().Where(static v => v != ProtocolVersion.Unknown)];

    [Theory]
    [MemberData(nameof(Known))]
    public void Names_round_trip(ProtocolVersion version)
    {
        var text = version.ToText();
        Assert.Equal($"V{text.Replace('-', '_')}", version.ToString());
        Assert.Equal(version, ProtocolVersions.Parse(text));
        Assert.Equal(version, ProtocolVersions.Parse(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(text, Encoding.UTF8.GetString(version.ToUtf8()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-07-29")]
    [InlineData("2026-07-28 ")]
    [InlineData("DRAFT-2026-v1")]
    public void Other_names_are_unknown(string text)
    {
        Assert.Equal(ProtocolVersion.Unknown, ProtocolVersions.Parse(text));
        Assert.Equal(ProtocolVersion.Unknown, ProtocolVersions.Parse(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Unknown_has_no_name()
    {
        Assert.Equal("", ProtocolVersion.Unknown.ToText());
        Assert.True(ProtocolVersion.Unknown.ToUtf8().IsEmpty);
    }

    [Fact]
    public void The_supported_list_names_every_revision_newest_first() => Assert.Equal(
        Enum.GetValues<ProtocolVersion>().Where(static v => v != ProtocolVersion.Unknown).OrderDescending().Select(static v => v.ToText()),
        JsonSerializer.Deserialize<string[]>(ProtocolVersions.SupportedJson));

    [Theory]
    [MemberData(nameof(Known))]
    public void Initialize_answers_with_a_revision_of_the_session_era(ProtocolVersion requested)
    {
        var answered = ProtocolVersions.NegotiateInitialize(requested);
        Assert.Equal(ProtocolEra.Session, answered.Era());
        Assert.Equal(requested.Era() == ProtocolEra.Session ? requested : ProtocolVersions.LatestOfSessionEra, answered);
        Assert.Equal(requested == ProtocolVersion.V2026_07_28 ? ProtocolEra.Stateless : ProtocolEra.Session, requested.Era());
    }

    [Fact]
    public void Limits()
    {
        Assert.Equal(ProtocolVersions.LatestOfSessionEra, ProtocolVersions.NegotiateInitialize(ProtocolVersion.Unknown));
        Assert.Equal(ProtocolVersions.Latest, Enum.GetValues<ProtocolVersion>().Max());
        Assert.Equal(ProtocolVersions.LatestOfSessionEra, Enum.GetValues<ProtocolVersion>().Where(static v => v.Era() == ProtocolEra.Session).Max());
    }

    // The schemas say which: the id of an error is required up to 2025-06-18.
    [Theory]
    [MemberData(nameof(Known))]
    public void An_error_may_lack_its_id_where_the_schema_does_not_demand_it(ProtocolVersion version)
    {
        var file = Path.Combine(ExampleMessages.RequireSchemaFolder(), version.ToText(), "schema.json");
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        var definitions = document.RootElement.TryGetProperty("$defs", out var defs) ? defs : document.RootElement.GetProperty("definitions");
        var error = definitions.TryGetProperty("JSONRPCErrorResponse", out var response) ? response : definitions.GetProperty("JSONRPCError");
        var demanded = error.GetProperty("required").EnumerateArray().Any(static name => name.ValueEquals("id"));
        Assert.Equal(!demanded, version.OmitsUnreadableId());
    }
}
