using System.Text;
using System.Text.Json;
using Peregrine.Server.Interaction.Forms;

namespace Peregrine.Server.Tests.Interaction.Forms;

/// <summary>Forms: what is built, and what is refused.</summary>
public sealed class FormTests
{
    private static readonly McpFormChoice[] Titled = [new("a", "First"), new("b", "Second")];

    [Fact]
    public void HasEveryKindOfFieldAsTheSpecificationWritesIt()
    {
        var form = McpForm.Create()
            .AddText("mail", "Mail", "Where to \"write\"", McpTextFormat.Email, 3, 80, "a@b.c")
            .AddNumber("score", minimum: 0.5, maximum: 100, preset: 95.5, required: false)
            .AddInteger("age", minimum: -1, preset: 30, required: false)
            .AddBoolean("sure", preset: true, required: false)
            .AddChoice("plain", ["x", "y"], preset: "y", required: false)
            .AddChoice("titled", Titled, required: false)
            .AddChoiceWithNames("legacy", Titled, required: false)
            .AddChoices("many", ["x", "y"], minItems: 1, maxItems: 2, preset: ["x"], required: false)
            .AddChoices("manyTitled", Titled)
            .Build();

        Assert.Equal(
            """{"type":"object","properties":{"mail":{"type":"string","title":"Mail","description":"Where to \"write\"","format":"email","minLength":3,"maxLength":80,"default":"a@b.c"}"""
            + ""","score":{"type":"number","minimum":0.5,"maximum":100,"default":95.5},"age":{"type":"integer","minimum":-1,"default":30},"sure":{"type":"boolean","default":true}"""
            + ""","plain":{"type":"string","enum":["x","y"],"default":"y"},"titled":{"type":"string","oneOf":[{"const":"a","title":"First"},{"const":"b","title":"Second"}]}"""
            + ""","legacy":{"type":"string","enum":["a","b"],"enumNames":["First","Second"]}"""
            + ""","many":{"type":"array","minItems":1,"maxItems":2,"items":{"type":"string","enum":["x","y"]},"default":["x"]}"""
            + ""","manyTitled":{"type":"array","items":{"anyOf":[{"const":"a","title":"First"},{"const":"b","title":"Second"}]}}},"required":["mail","manyTitled"]}""",
            Encoding.UTF8.GetString(form.Json.Span));
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object"}}}""", "flat")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","items":{"type":"string"}}}}""", "items")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","format":"ipv4"}}}""", "format")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","enum":[]}}}""", "at least one")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","enum":["x","x"]}}}""", "twice")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","oneOf":[{"const":"x"}]}}}""", "title")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","enum":["x"],"enumNames":[]}}}""", "enumNames")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer","default":1.5}}}""", "default")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"number","minimum":2,"maximum":1}}}""", "minimum")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","minLength":-1}}}""", "minLength")]
    [InlineData("""{"type":"object","properties":{"a":{}}}""", "type")]
    [InlineData("""{"type":"object","properties":{},"required":["a"]}""", "required")]
    [InlineData("""{"type":"object","properties":{},"required":"a"}""", "required")]
    [InlineData("""{"type":"object"}""", "properties")]
    [InlineData("""{"type":"array","properties":{}}""", "object")]
    [InlineData("[]", "object")]
    [InlineData("{", "JSON")]
    public void ThatIsFaultyIsRefusedWithTheReason(string schema, string reason)
    {
        var fault = Assert.Throws<ArgumentException>(() => McpForm.Parse(Encoding.UTF8.GetBytes(schema)));

        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NamesAllFaultsAtOnce()
    {
        var builder = McpForm.Create().AddText("twice").AddBoolean("twice").AddInteger("low", minimum: 2, maximum: 1);

        var fault = Assert.Throws<ArgumentException>(builder.Build);

        Assert.Contains("\"twice\" is there twice", fault.Message, StringComparison.Ordinal);
        Assert.Contains("\"low\"", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"x","n":1.5,"i":3,"b":true,"c":"x","m":["x","y"]}""", null)]
    [InlineData("""{"name":"x","i":3.0,"unknown":{}}""", null)]
    [InlineData("{}", "name")]
    [InlineData("""{"name":5}""", "name")]
    [InlineData("""{"name":"\ud800"}""", "name")]
    [InlineData("""{"name":"x","n":"1"}""", "n")]
    [InlineData("""{"name":"x","i":1.5}""", "i")]
    [InlineData("""{"name":"x","b":1}""", "b")]
    [InlineData("""{"name":"x","c":"z"}""", "c")]
    [InlineData("""{"name":"x","m":"x"}""", "m")]
    [InlineData("""{"name":"x","m":["z"]}""", "m")]
    [InlineData("[]", "content")]
    public void JudgesAnswers(string content, string? faulty)
    {
        var form = McpForm.Create().AddText("name").AddNumber("n", required: false).AddInteger("i", required: false).AddBoolean("b", required: false)
            .AddChoice("c", ["x", "y"], required: false).AddChoices("m", ["x", "y"], required: false).Build();
        using var answer = JsonDocument.Parse(content);

        var fault = form.Judge(answer.RootElement);

        if (faulty is null)
        {
            Assert.Null(fault);
        }
        else
        {
            Assert.Contains($"\"{faulty}\"", fault, StringComparison.Ordinal);
        }
    }
}
