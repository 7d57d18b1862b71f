using System.Globalization;

namespace Peregrine.JsonSchema.Formats;

/// <summary>Unicode labels of host names: RFC 5891 section 4.2, with the code points and contextual rules of RFC 5892.</summary>
internal static class IdnaLabel
{
    // Marks that make a half form of the letter before them (combining class 9). Rule A.1 and A.2 of RFC 5892 ask for one.
    private static readonly int[] s_viramas =
    [
        0x094D, 0x09CD, 0x0A4D, 0x0ACD, 0x0B4D, 0x0BCD, 0x0C4D, 0x0CCD, 0x0D3B, 0x0D3C, 0x0D4D, 0x0DCA, 0x0E3A, 0x0EBA, 0x0F84, 0x1039, 0x103A, 0x1714, 0x1734, 0x17D2, 0x1A60, 0x1B44,
        0x1BAA, 0x1BAB, 0x1BF2, 0x1BF3, 0x2D7F, 0xA806, 0xA8C4, 0xA953, 0xA9C0, 0xAAF6, 0xABED, 0x10A3F, 0x11046, 0x1107F, 0x110B9, 0x11133, 0x11134, 0x111C0, 0x11235,
    ];

    /// <summary>Whether a label of code points is one that may be registered.</summary>
    public static bool IsValid(ReadOnlySpan<int> label)
    {
        if (label[0] == '-' || label[^1] == '-' || (label.Length >= 4 && label[2] == '-' && label[3] == '-') || IsMark(label[0]))
        {
            return false;
        }

        for (var i = 0; i < label.Length; i++)
        {
            if (!IsAllowed(label, i))
            {
                return false;
            }
        }

        return IsOneDirection(label);
    }

    /// <summary>
    /// RFC 5893 section 2 for one label: one with right-to-left letters begins with one, has no left-to-right letters, and not the digits of both kinds. .NET has no table of
    /// directions; the blocks of the scripts stand for it.
    /// </summary>
    private static bool IsOneDirection(ReadOnlySpan<int> label)
    {
        var (right, left, european, arabic) = (false, false, false, false);
        foreach (var codePoint in label)
        {
            right |= IsRightToLeft(codePoint);
            european |= codePoint is (>= '0' and <= '9') or (>= 0x06F0 and <= 0x06F9);
            arabic |= codePoint is >= 0x0660 and <= 0x0669;
            left |= !IsRightToLeft(codePoint) && !IsMark(codePoint) && CharUnicodeInfo.GetUnicodeCategory(codePoint) is not (UnicodeCategory.DecimalDigitNumber or UnicodeCategory.DashPunctuation or UnicodeCategory.Format);
        }

        return !right || (IsRightToLeft(label[0]) && !left && !(european && arabic));
    }

    private static bool IsRightToLeft(int codePoint) => !IsMark(codePoint)
        && codePoint is (>= 0x0590 and <= 0x065F) or (>= 0x066E and <= 0x06EF) or (>= 0x06FA and <= 0x08FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFF)
            or (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF);

    private static bool IsAllowed(ReadOnlySpan<int> label, int index)
    {
        var codePoint = label[index];
        var before = index > 0 ? label[index - 1] : 0;
        var behind = index + 1 < label.Length ? label[index + 1] : 0;
        return codePoint switch
        {
            0x200C => IsVirama(before) || (IsJoining(before) && IsJoining(behind)),
            0x200D => IsVirama(before),
            0x00B7 => before == 'l' && behind == 'l',
            0x0375 => behind is (>= 0x0370 and <= 0x03FF) or (>= 0x1F00 and <= 0x1FFF),
            0x05F3 or 0x05F4 => before is >= 0x0590 and <= 0x05FF,
            0x30FB => HasJapanese(label),
            >= 0x0660 and <= 0x0669 => !label.ContainsAnyInRange(0x06F0, 0x06F9),
            >= 0x06F0 and <= 0x06F9 => !label.ContainsAnyInRange(0x0660, 0x0669),
            0x0640 or 0x07FA or 0x302E or 0x302F or (>= 0x3031 and <= 0x3035) or 0x303B => false,
            0x06FD or 0x06FE or 0x0F0B or 0x3007 or '-' => true,
            < 0x80 => char.IsAsciiLetterOrDigit((char)codePoint),
            _ => codePoint is < 0xD800 or > 0xDFFF && IsLetterDigitOrMark(codePoint),
        };
    }

    private static bool IsLetterDigitOrMark(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint) is UnicodeCategory.LowercaseLetter or UnicodeCategory.OtherLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber;

    private static bool IsMark(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint) is UnicodeCategory.NonSpacingMark
        or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private static bool IsVirama(int codePoint) => s_viramas.AsSpan().BinarySearch(codePoint) >= 0;

    /// <summary>Letters of scripts whose letters join: between two of them a non-joiner changes how they look.</summary>
    private static bool IsJoining(int codePoint) => codePoint is (>= 0x0620 and <= 0x06D3) or (>= 0x0710 and <= 0x077F) or (>= 0x07CA and <= 0x07EA) or (>= 0x1807 and <= 0x18AA);

    private static bool HasJapanese(ReadOnlySpan<int> label)
    {
        foreach (var codePoint in label)
        {
            if (codePoint is (>= 0x3041 and <= 0x309F) or (>= 0x30A1 and <= 0x30FA) or (>= 0x30FC and <= 0x30FF) or 0x3005 or 0x3007 or (>= 0x3400 and <= 0x4DBF)
                or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF))
            {
                return true;
            }
        }

        return false;
    }
}
