using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using Peregrine.Protocol.Buffers;

namespace Peregrine.Server.Resources.Files;

/// <summary>What kind of file it is: by its extension, else by what it holds. No state.</summary>
internal static class FileTypes
{
    private const int Chunk = 64 * 1024;

    private static readonly FrozenDictionary<string, string> Text = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        [".txt"] = "text/plain", [".log"] = "text/plain", [".md"] = "text/markdown", [".markdown"] = "text/markdown", [".html"] = "text/html", [".htm"] = "text/html",
        [".css"] = "text/css", [".csv"] = "text/csv", [".tsv"] = "text/tab-separated-values", [".xml"] = "application/xml", [".json"] = "application/json",
        [".jsonl"] = "application/jsonl", [".yaml"] = "application/yaml", [".yml"] = "application/yaml", [".toml"] = "application/toml", [".ini"] = "text/plain",
        [".js"] = "text/javascript", [".mjs"] = "text/javascript", [".ts"] = "text/x-typescript", [".cs"] = "text/x-csharp", [".py"] = "text/x-python", [".java"] = "text/x-java",
        [".c"] = "text/x-c", [".h"] = "text/x-c", [".cpp"] = "text/x-c++", [".go"] = "text/x-go", [".rs"] = "text/x-rust", [".sh"] = "text/x-shellscript", [".sql"] = "application/sql",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string> Binary = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = "image/png", [".jpg"] = "image/jpeg", [".jpeg"] = "image/jpeg", [".gif"] = "image/gif", [".webp"] = "image/webp", [".bmp"] = "image/bmp", [".ico"] = "image/x-icon",
        [".wav"] = "audio/wav", [".mp3"] = "audio/mpeg", [".ogg"] = "audio/ogg", [".flac"] = "audio/flac", [".mp4"] = "video/mp4", [".webm"] = "video/webm", [".pdf"] = "application/pdf",
        [".zip"] = "application/zip", [".gz"] = "application/gzip", [".tar"] = "application/x-tar", [".wasm"] = "application/wasm", [".bin"] = "application/octet-stream",
        [".docx"] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        [".xlsx"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        [".pptx"] = "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Sets the file's type. What is sent as text was read once before and found to be UTF-8 to its end: half a reply cannot be taken back.</summary>
    internal static async ValueTask DetermineAsync(OpenFile file, string name, CancellationToken cancellationToken)
    {
        var extension = Path.GetExtension(name);
        if (Binary.TryGetValue(extension, out var binary))
        {
            file.MimeType = binary;
            return;
        }

        var known = Text.TryGetValue(extension, out var text);
        file.IsText = await IsUtf8Async(file, zeroIsText: known, cancellationToken).ConfigureAwait(false);
        file.MimeType = text ?? (file.IsText ? "text/plain" : "application/octet-stream");
    }

    /// <summary>How many bytes of a piece end with a whole character; the rest, at most three, begins one that the next piece ends.</summary>
    internal static int WholeCharacters(ReadOnlySpan<byte> piece)
    {
        for (var back = 1; back <= Math.Min(3, piece.Length); back++)
        {
            if ((piece[^back] & 0xC0) != 0x80)
            {
                return Rune.DecodeFromUtf8(piece[^back..], out _, out _) == OperationStatus.NeedMoreData ? piece.Length - back : piece.Length;
            }
        }

        return piece.Length;
    }

    private static async ValueTask<bool> IsUtf8Async(OpenFile file, bool zeroIsText, CancellationToken cancellationToken)
    {
        var buffer = PooledArrays.Rent<byte>(Chunk);
        try
        {
            for (long offset = 0; offset < file.Length;)
            {
                var count = await file.ReadAsync(buffer.AsMemory(0, Chunk), offset, cancellationToken).ConfigureAwait(false);
                var whole = offset + count == file.Length ? count : WholeCharacters(buffer.AsSpan(0, count));
                if (!System.Text.Unicode.Utf8.IsValid(buffer.AsSpan(0, whole)) || (!zeroIsText && buffer.AsSpan(0, whole).Contains((byte)0)))
                {
                    return false;
                }

                offset += whole;
            }

            return true;
        }
        finally
        {
            PooledArrays.Return(buffer);
        }
    }
}
