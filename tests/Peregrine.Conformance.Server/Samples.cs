namespace Peregrine.Conformance.Server;

/// <summary>The smallest files of their kinds.</summary>
internal static class Samples
{
    /// <summary>A picture of one pixel.</summary>
    internal static readonly ReadOnlyMemory<byte> Png =
        Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==");

    /// <summary>A sound without a sample.</summary>
    internal static readonly ReadOnlyMemory<byte> Wav = Convert.FromBase64String("UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=");
}
