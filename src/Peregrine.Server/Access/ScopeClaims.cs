using System.Security.Claims;

namespace Peregrine.Server.Access;

/// <summary>Reads the OAuth scopes of a caller from its claims. No state.</summary>
internal static class ScopeClaims
{
    /// <summary>True where the caller has all scopes. Issuers put them into one claim with blanks between them, or into several (RFC 8693, section 4.2, and <c>scp</c>).</summary>
    internal static bool HasAll(ClaimsPrincipal user, IReadOnlyList<string> scopes)
    {
        foreach (var scope in scopes)
        {
            if (!Has(user, scope))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Has(ClaimsPrincipal user, string scope)
    {
        foreach (var claim in user.Claims)
        {
            if (claim.Type is not ("scope" or "scp" or "http://schemas.microsoft.com/identity/claims/scope"))
            {
                continue;
            }

            var value = claim.Value.AsSpan();
            foreach (var part in value.Split(' '))
            {
                if (value[part].SequenceEqual(scope))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
