using System.Security.Cryptography;
using System.Text;
using Peregrine.Server.AspNetCore.Sessions;

namespace Peregrine.Gateway.Admin;

/// <summary>
/// The sessions of a gateway's endpoints. A session's id lets whoever has it act as its client: so each goes by a name of its own here, which leads to the session and not to its id. Thread-safe.
/// </summary>
internal sealed class SessionDirectory(IReadOnlyList<(string Path, HttpSessions Sessions)> endpoints)
{
    /// <summary>All that are open, with the path of their endpoint and their name here.</summary>
    internal IEnumerable<(string Path, string Name, HttpSession Session)> All => endpoints.SelectMany(static endpoint => endpoint.Sessions.All.Select(session => (endpoint.Path, NameOf(session), session)));

    /// <summary>Ends a session: its streams end, and its calls are not answered any more.</summary>
    /// <returns>False where there is none of that name.</returns>
    internal async ValueTask<bool> EndAsync(string name)
    {
        foreach (var (_, known, session) in All)
        {
            if (known == name)
            {
                await session.Siblings.EndAsync(session).ConfigureAwait(false);
                return true;
            }
        }

        return false;
    }

    private static string NameOf(HttpSession session) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(session.Id)).AsSpan(0, 8));
}
