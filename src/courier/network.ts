// The network of a Philippine mobile number by its first digits. A number that moved to another network keeps its digits, so
// what a provider says comes first; digits that more than one network holds are not here.

const NETWORKS: Readonly<Record<string, string>> = {
  Globe: '817 905 906 915 916 917 926 927 935 936 937 945 953 954 955 956 965 966 967 975 976 977 978 979 995 996 997',
  Smart:
    '813 907 908 909 910 911 912 913 914 918 919 920 921 922 923 925 928 929 930 931 932 933 934 938 939 940 941 942 943 946 947 948 949 950 951 961 963 968 969 970 973 974 981 989 998 999',
  DITO: '895 896 897 898 991 993',
}

const BY_DIGITS = new Map(
  Object.entries(NETWORKS).flatMap(([network, digits]) => digits.split(' ').map((each) => [each, network] as const)),
)

/** Null for other countries and unknown digits. */
export const networkOf = (e164: string): string | null =>
  BY_DIGITS.get(/^\+63(\d{3})\d{7}$/.exec(e164)?.[1] ?? '') ?? null
