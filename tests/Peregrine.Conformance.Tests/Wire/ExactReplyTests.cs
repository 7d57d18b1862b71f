using System.Text.Json.Nodes;
using Peregrine.Conformance.Tests.Targets;

namespace Peregrine.Conformance.Tests.Wire;

/// <summary>What the suite judges loosely: it is content with any text, also with that of an error. Here every word counts.</summary>
[Collection(DirectCollection.Name)]
public sealed class ExactReplyTests(DirectTarget target)
{
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
    private const string Wav = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";

    public static TheoryData<string, string, string, string> Replies =>
        [.. from revision in new[] { "2025-06-18", "2025-11-25", "2026-07-28" } from row in Rows select new TheoryDataRow<string, string, string, string>(revision, row.Method, row.Members, row.Result)];

    private static IEnumerable<(string Method, string Members, string Result)> Rows =>
    [
        Call("test_simple_text", """{"content":[{"type":"text","text":"This is a simple text response for testing."}]}"""),
        Call("test_image_content", $$"""{"content":[{"type":"image","data":"{{Png}}","mimeType":"image/png"}]}"""),
        Call("test_audio_content", $$"""{"content":[{"type":"audio","data":"{{Wav}}","mimeType":"audio/wav"}]}"""),
        Call("test_embedded_resource",
            """{"content":[{"type":"resource","resource":{"uri":"test://embedded-resource","mimeType":"text/plain","text":"This is an embedded resource content."}}]}"""),
        Call("test_multiple_content_types", $$$"""
            {"content":[{"type":"text","text":"Multiple content types test:"},{"type":"image","data":"{{{Png}}}","mimeType":"image/png"},
            {"type":"resource","resource":{"uri":"test://mixed-content-resource","mimeType":"application/json","text":"{\"test\":\"data\",\"value\":123}"}}]}
            """),
        Call("test_error_handling", """{"content":[{"type":"text","text":"This tool intentionally returns an error for testing"}],"isError":true}"""),
        Read("test://static-text", """{"contents":[{"uri":"test://static-text","mimeType":"text/plain","text":"This is the content of the static text resource."}]}"""),
        Read("test://static-binary", $$"""{"contents":[{"uri":"test://static-binary","mimeType":"image/png","blob":"{{Png}}"}]}"""),
        Read("test://template/123/data",
            """{"contents":[{"uri":"test://template/123/data","mimeType":"application/json","text":"{\"id\":\"123\",\"templateTest\":true,\"data\":\"Data for ID: 123\"}"}]}"""),
        ("prompts/get", """ "name":"test_simple_prompt" """, """{"messages":[{"role":"user","content":{"type":"text","text":"This is a simple prompt for testing."}}]}"""),
        ("prompts/get", """ "name":"test_prompt_with_arguments","arguments":{"arg1":"hello","arg2":"world"} """,
            """{"messages":[{"role":"user","content":{"type":"text","text":"Prompt with arguments: arg1='hello', arg2='world'"}}]}"""),
        ("prompts/get", """ "name":"test_prompt_with_embedded_resource","arguments":{"resourceUri":"test://example"} """, """
            {"messages":[{"role":"user","content":{"type":"resource","resource":{"uri":"test://example","mimeType":"text/plain","text":"Embedded resource content for testing."}}},
            {"role":"user","content":{"type":"text","text":"Please process the embedded resource above."}}]}
            """),
        ("prompts/get", """ "name":"test_prompt_with_image" """, $$$"""
            {"messages":[{"role":"user","content":{"type":"image","data":"{{{Png}}}","mimeType":"image/png"}},
            {"role":"user","content":{"type":"text","text":"Please analyze the image above."}}]}
            """),
        ("completion/complete", """ "ref":{"type":"ref/prompt","name":"test_prompt_with_arguments"},"argument":{"name":"arg1","value":"te"} """,
            """{"completion":{"values":["test","testing"],"total":2,"hasMore":false}}"""),
    ];

    [Theory]
    [MemberData(nameof(Replies))]
    public async Task TheReplyIs(string revision, string method, string members, string result)
    {
        using var http = new HttpRequests(target.Endpoint, revision);

        var reply = JsonNode.Parse((await http.AskAsync(method, members)).GetRawText())!;

        var found = reply["result"]!.AsObject();
        if (http.IsStateless)
        {
            Assert.Equal("complete", (string)found["resultType"]!);
            Assert.Equal("peregrine-conformance", (string)found["_meta"]!["io.modelcontextprotocol/serverInfo"]!["name"]!);
            found.Remove("resultType");
            found.Remove("_meta");
            found.Remove("ttlMs");
            found.Remove("cacheScope");
        }

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(result), found), found.ToJsonString());
    }

    private static (string Method, string Members, string Result) Read(string uri, string result) => ("resources/read", $"\"uri\":\"{uri}\"", result);

    private static (string Method, string Members, string Result) Call(string tool, string result) => ("tools/call", $"\"name\":\"{tool}\"", result);
}
