using System.Net;
using System.Text.Json;
using Peregrine.Server.AspNetCore.Tests.Serving;

namespace Peregrine.Server.AspNetCore.Tests.Sessions;

/// <summary>An event stream as a client reads it.</summary>
internal sealed class TestStream : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private TestStream(HttpResponseMessage response, StreamReader reader)
    {
        _response = response;
        _reader = reader;
    }

    internal static async Task<TestStream> OpenAsync(HttpResponseMessage response)
    {
        Assert.True(HttpStatusCode.OK == response.StatusCode, response.StatusCode + (response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync()));
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no", Assert.Single(response.Headers.GetValues("X-Accel-Buffering")));
        return new TestStream(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next event, or null at the end.</summary>
    internal async Task<TestEvent?> TryNextAsync()
    {
        var read = new TestEvent(null, null, null, IsComment: false);
        var any = false;
        while (await _reader.ReadLineAsync().WaitAsync(TestSite.Patience) is { } line)
        {
            if (line.Length == 0 && any)
            {
                return read;
            }

            any = true;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var value = line[(colon + 1)..].TrimStart(' ');
            read = line[..colon] switch
            {
                "id" => read with { Id = value },
                "data" => read with { Data = value },
                "event" => read with { Name = value },
                "retry" => read with { Retry = value },
                "" => read with { IsComment = true },
                _ => read,
            };
        }

        Assert.False(any, "The stream ends within an event.");
        return null;
    }

    internal async Task<TestEvent> NextAsync()
    {
        var next = await TryNextAsync();
        Assert.NotNull(next);
        return next;
    }

    /// <summary>The next event, which carries a message.</summary>
    internal async Task<JsonElement> MessageAsync() => (await NextAsync()).Message();

    internal async Task AssertEndAsync() => Assert.Null(await TryNextAsync());

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }
}
