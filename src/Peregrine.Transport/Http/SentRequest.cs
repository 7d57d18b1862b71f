namespace Peregrine.Transport.Http;

/// <summary>A request that was sent and its response; disposing it frees its socket for the next one.</summary>
internal readonly struct SentRequest(HttpResponseMessage response, SemaphoreSlim? slots) : IDisposable
{
    internal HttpResponseMessage Response => response;

    public void Dispose()
    {
        response.Dispose();
        slots?.Release();
    }
}
