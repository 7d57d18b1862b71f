#pragma warning disable RS0030 // The file seam of sessions: the one place that touches their files.
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Peregrine.Server.AspNetCore.Sessions;

/// <summary>
/// Keeps each session in a file of its own in one folder, so that clients can go on after a restart or a crash of the process. A file is replaced as a whole; one that cannot be
/// read counts as none. A crash of the machine may lose the last changes. Thread-safe.
/// </summary>
public sealed class FileSessionStore : IMcpSessionStore
{
    private const string Extension = ".session";
    private const int HeaderLength = sizeof(long);

    private readonly string _folder;
    private long _lastFile;

    /// <summary>Makes a store in <paramref name="folder"/>, which is created where it is missing. Nobody else may write there.</summary>
    public FileSessionStore(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _folder = Directory.CreateDirectory(folder).FullName;
    }

    /// <inheritdoc/>
    public async ValueTask SaveAsync(string id, ReadOnlyMemory<byte> record, DateTimeOffset expires, CancellationToken cancellationToken)
    {
        var content = new byte[HeaderLength + record.Length];
        BinaryPrimitives.WriteInt64LittleEndian(content, expires.ToUnixTimeMilliseconds());
        record.Span.CopyTo(content.AsSpan(HeaderLength));

        // Each under a name of its own: two savings of one session must not write into one file.
        var whole = PathOf(id);
        var part = $"{whole}.{Interlocked.Increment(ref _lastFile)}.part";
        try
        {
            await File.WriteAllBytesAsync(part, content, cancellationToken).ConfigureAwait(false);
            File.Move(part, whole, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]?> LoadAsync(string id, CancellationToken cancellationToken)
    {
        var path = PathOf(id);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var content = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
            return content.Length > HeaderLength ? content[HeaderLength..] : null;
        }
        catch (FileNotFoundException)
        {
            // Removed in between.
            return null;
        }
    }

    /// <inheritdoc/>
    public ValueTask RemoveAsync(string id, CancellationToken cancellationToken)
    {
        File.Delete(PathOf(id));
        return default;
    }

    /// <inheritdoc/>
    public async ValueTask RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var path in Directory.EnumerateFiles(_folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (path.EndsWith(Extension, StringComparison.Ordinal) ? await ReadExpiryAsync(path, cancellationToken).ConfigureAwait(false) <= now : IsAbandoned(path, now))
            {
                File.Delete(path);
            }
        }
    }

    private static async ValueTask<DateTimeOffset> ReadExpiryAsync(string path, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderLength];
        try
        {
            using var file = File.OpenHandle(path, options: FileOptions.Asynchronous, share: FileShare.ReadWrite | FileShare.Delete);
            if (await RandomAccess.ReadAsync(file, header, 0, cancellationToken).ConfigureAwait(false) < HeaderLength)
            {
                return DateTimeOffset.MinValue;
            }
        }
        catch (FileNotFoundException)
        {
            return DateTimeOffset.MinValue;
        }

        var milliseconds = BinaryPrimitives.ReadInt64LittleEndian(header);
        return milliseconds is > 0 and < 253_402_300_800_000 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : DateTimeOffset.MinValue;
    }

    // What a process left behind that was killed while it wrote.
    private static bool IsAbandoned(string path, DateTimeOffset now) =>
        path.EndsWith(".part", StringComparison.Ordinal) && File.GetLastWriteTimeUtc(path) < now.UtcDateTime - TimeSpan.FromHours(1);

    // Not the id itself: who sees the folder's list could use it, and a stranger's id must not become a path.
    private string PathOf(string id) => Path.Combine(_folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id))) + Extension);
}
