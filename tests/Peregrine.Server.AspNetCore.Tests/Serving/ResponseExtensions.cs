using System.Net;
using System.Text.Json;

namespace Peregrine.Server.AspNetCore.Tests.Serving;

/// <summary>What tests ask of responses.</summary>
internal static class ResponseExtensions
{
    /// <summary>The JSON body, after checking that the response is one JSON object with its length.</summary>
    internal static async Task<JsonElement> JsonAsync(this HttpResponseMessage response, HttpStatusCode status = HttpStatusCode.OK)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{response.StatusCode}: {text}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(System.Text.Encoding.UTF8.GetByteCount(text), response.Content.Headers.ContentLength);
        Assert.NotEqual(true, response.Headers.TransferEncodingChunked);
        return Parse(text);
    }

    /// <summary>The messages of an event stream, after checking its headers.</summary>
    internal static async Task<List<JsonElement>> EventsAsync(this HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no", Assert.Single(response.Headers.GetValues("X-Accel-Buffering")));
        Assert.True(response.Headers.CacheControl!.NoStore);
        return ParseEvents(await response.Content.ReadAsStringAsync());
    }

    internal static List<JsonElement> ParseEvents(string stream)
    {
        List<JsonElement> messages = [];
        foreach (var part in stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var data = Assert.Single(part.Split('\n'), static line => line.StartsWith("data:", StringComparison.Ordinal));
            messages.Add(Parse(data["data:".Length..]));
        }

        return messages;
    }

    internal static int Code(this JsonElement reply)
    {
        Assert.True(reply.TryGetProperty("error", out var error), reply.GetRawText());
        return error.GetProperty("code").GetInt32();
    }

    internal static string Text(this JsonElement reply)
    {
        Assert.True(reply.TryGetProperty("result", out var result), reply.GetRawText());
        return Assert.Single(result.GetProperty("content").EnumerateArray()).GetProperty("text").GetString()!;
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
